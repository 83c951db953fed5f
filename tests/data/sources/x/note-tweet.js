window.YTD.note_tweet.part0 = [
 {
  "noteTweet": {
   "noteTweetId": "9001",
   "createdAt": "2026-01-10T12:00:01.000Z",
   "core": {
    "text": "@rui_t Since you ask, here is the whole plan, in order, so that everybody can check it later and nobody has to take my word for it: the yard in Gdynia opens in March 2027, the second slip follows in 2028, we hire two hundred people in the first year, and by the end of that decade we build twelve hulls a year & pay a dividend. https://t.co/note",
    "urls": [
     {
      "shortUrl": "https://t.co/note",
      "expandedUrl": "https://yard.example/plan?a=1&copy=2"
     }
    ]
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "9002",
   "createdAt": "2026-01-11T12:00:00.000Z",
   "core": {
    "text": "A second long one, which stands in another part of the archive: prices of hull steel will fall by a fifth until 2028, because three mills open in the same year, and because nobody has ordered as little as today since 1998; that is why we wait, and why you should wait as well, and that is that.",
    "urls": []
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "9003",
   "createdAt": "2026-01-12T12:00:00.000Z",
   "core": {
    "text": "A long post that tweets.js does not list: we will hire fifty welders in 2027.",
    "urls": []
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "9004",
   "createdAt": "never",
   "core": {
    "text": "no date"
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "9005",
   "noteTweetResults": {
    "text": "the stale shape of the documentation"
   }
  }
 },
 "nonsense"
]
