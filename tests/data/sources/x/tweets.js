window.YTD.tweets.part0 = [
 {
  "tweet": {
   "id_str": "1103",
   "created_at": "Sat Jan 03 10:06:00 +0000 2026",
   "full_text": "3/3 And the third in 2029.",
   "lang": "en",
   "in_reply_to_status_id_str": "1102",
   "in_reply_to_user_id_str": "42",
   "in_reply_to_screen_name": "mira_ok"
  }
 },
 {
  "tweet": {
   "id_str": "1102",
   "created_at": "Sat Jan 03 10:03:00 +0000 2026",
   "full_text": "2/3 The second follows in 2028.",
   "lang": "en",
   "in_reply_to_status_id_str": "1101",
   "in_reply_to_user_id_str": "42",
   "in_reply_to_screen_name": "mira_ok"
  }
 },
 {
  "tweet": {
   "id_str": "1101",
   "created_at": "Sat Jan 03 10:00:00 +0000 2026",
   "full_text": "1/3 The first ferry sails in 2027. A thread &amp; a promise: 1 &amp;lt; 2",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "id_str": "1104",
   "created_at": "Sun Jan 04 10:00:00 +0000 2026",
   "full_text": "One day on: it sails next year.",
   "lang": "en",
   "in_reply_to_status_id_str": "1103",
   "in_reply_to_user_id_str": "42",
   "in_reply_to_screen_name": "mira_ok"
  }
 },
 {
  "tweet": {
   "id_str": "1105",
   "created_at": "Mon Jan 05 10:00:00 +0000 2026",
   "full_text": "An answer to a post that I deleted.",
   "lang": "en",
   "in_reply_to_status_id_str": "1000",
   "in_reply_to_user_id_str": "42",
   "in_reply_to_screen_name": "mira_ok"
  }
 },
 {
  "tweet": {
   "id_str": "1106",
   "created_at": "Mon Jan 05 11:00:00 +0000 2026",
   "full_text": "@rui_t No, in 2030.",
   "lang": "en",
   "in_reply_to_status_id_str": "77",
   "in_reply_to_user_id_str": "7",
   "in_reply_to_screen_name": "rui_t",
   "display_text_range": [
    "7",
    "19"
   ]
  }
 },
 {
  "tweet": {
   "id_str": "1107",
   "created_at": "Mon Jan 05 11:01:00 +0000 2026",
   "full_text": "@rui_t And not before.",
   "lang": "en",
   "in_reply_to_status_id_str": "1106",
   "in_reply_to_user_id_str": "42",
   "in_reply_to_screen_name": "mira_ok",
   "display_text_range": [
    "7",
    "22"
   ]
  }
 },
 {
  "tweet": {
   "id_str": "1108",
   "created_at": "Tue Jan 06 10:00:00 +0000 2026",
   "full_text": "RT @rui_t: not my words: the ferry will never sail.",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "id_str": "1109",
   "created_at": "Tue Jan 06 11:00:00 +0000 2026",
   "full_text": "RT is short for retweet, and I will do less of it in 2027.",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "id_str": "1110",
   "created_at": "Sat Jan 10 12:00:00 +0000 2026",
   "full_text": "@rui_t Since you ask, here is the whole plan, in order, so that everybody can check it later and nobody has to take my word for it: the yard in Gdynia opens in March 2027, the second slip follows in 2028, we hire two hundred people in the first year, and by the end of t… https://t.co/self",
   "lang": "en",
   "in_reply_to_screen_name": "rui_t",
   "in_reply_to_user_id_str": "7",
   "in_reply_to_status_id_str": "78",
   "display_text_range": [
    "7",
    "295"
   ],
   "entities": {
    "urls": [
     {
      "url": "https://t.co/self",
      "expanded_url": "https://twitter.com/i/web/status/1110"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "id_str": "1111",
   "created_at": "Tue Jan 13 10:00:00 +0000 2026",
   "full_text": "We sail in Juna.",
   "lang": "en",
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1111",
      "1112"
     ]
    }
   }
  }
 },
 {
  "tweet": {
   "id_str": "1112",
   "created_at": "Tue Jan 13 10:05:00 +0000 2026",
   "full_text": "We sail in June.",
   "lang": "en",
   "edit_info": {
    "edit": {
     "initialTweetId": "1111",
     "editControlInitial": {
      "editTweetIds": [
       "1111",
       "1112"
      ]
     }
    }
   }
  }
 },
 {
  "tweet": {
   "id_str": "1113",
   "created_at": "Wed Jan 14 10:00:00 +0000 2026",
   "full_text": "Look at her. https://t.co/pic https://t.co/quoted",
   "lang": "en",
   "entities": {
    "urls": [
     {
      "url": "https://t.co/pic",
      "expanded_url": "https://twitter.com/Mira_OK/status/1113/photo/1"
     },
     {
      "url": "https://t.co/quoted",
      "expanded_url": "https://x.com/rui_t/status/99"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "id_str": "not a number",
   "created_at": "Wed Jan 14 10:00:00 +0000 2026",
   "full_text": "No number.",
   "lang": "en"
  }
 },
 {
  "tweet": null
 },
 null,
 7,
 []
]
