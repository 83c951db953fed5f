window.YTD.tweet.part0 = [ {"id_str":"26000000000","created_at":"Fri Oct 01 12:00:00 +0000 2010","full_text":"Old post: 3 &lt; 4 http://bit.ly/x","entities":{}},
{"tweet":{"id_str":"2018614183326646272","full_text":"No date but a number. https://t.co/abc https://t.co/abcd https://t.co/media","lang":"und",
 "entities":{"urls":[{"url":"https://t.co/abc","expanded_url":"https://one.example/?a=1&copy=2"},{"url":"https://t.co/abcd","expanded_url":"https://two.example/"}],"media":[{"url":"https://t.co/media"}]}}},
{"tweet":{"id_str":"12","full_text":"Neither date nor a number with one."}},
{"tweet":{"full_text":"No number."}},
{"tweet":{"id_str":"2018950168048566272","created_at":"Wed Feb 04 07:30:05 +0000 2026","full_text":"@a_b @c_d Long reply about batteries that goes on and on, with one bet after the other, and every one of them dated, so that nobody can say later that they were never made: cells by 2027, prices by 2028, vans by 2030, ships by 2035, and then there is the one bet th… https://t.co/Yt55nQe2Ab","display_text_range":["10","290"],"in_reply_to_screen_name":"a_b"}},
{"tweet":{"id_str":"2018950168048566273","created_at":"Wed Feb 04 07:30:06 +0000 2026","full_text":"https://t.co/media","entities":{"media":[{"url":"https://t.co/media"}]}}},
"nonsense" ];
