window.YTD.tweets.part0 = [
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "76"
      ],
      "favorite_count": "31",
      "id_str": "1749336091653046272",
      "id": "1749336091653046272",
      "truncated": false,
      "retweet_count": "4",
      "created_at": "Mon Jan 22 07:40:00 +0000 2024",
      "favorited": false,
      "full_text": "By 2030 half of all new warehouses in Europe will run without a night shift.",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "retweeted": false,
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "81"
      ],
      "favorite_count": "31",
      "id_str": "1764625588024246272",
      "id": "1764625588024246272",
      "truncated": false,
      "retweet_count": "4",
      "created_at": "Mon Mar 04 12:15:00 +0000 2024",
      "favorited": false,
      "full_text": "RT @warehouseweekly_ex: Which robot would you let carry your grandmother's clock?",
      "lang": "en"
    }
  }
]
