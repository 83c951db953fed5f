window.YTD.tweets.part1 = [
 {
  "tweet": {
   "id_str": "1201",
   "created_at": "Sun Jan 11 12:00:00 +0000 2026",
   "full_text": "A second long one, which stands in another part of the archive: prices of hull steel will fall by a fifth until 2028, because three mills open in the same year, and because nobody has ordered as little as today since 1998; that is why we wait, and why you should wait as… https://t.co/self2",
   "lang": "en",
   "entities": {
    "urls": null
   }
  }
 },
 {
  "tweet": {
   "id_str": "1202",
   "created_at": "Sun Jan 11 13:00:00 +0000 2026",
   "full_text": "Short, and in the second part.",
   "lang": "zxx",
   "entities": [],
   "extended_entities": {
    "media": [
     null,
     {
      "url": 5
     }
    ]
   }
  }
 }
]
