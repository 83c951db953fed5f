window.YTD.account.part0 = [
 {
  "account": {
   "username": "Mira_OK",
   "accountId": "42",
   "accountDisplayName": "Mira Okafor",
   "email": "not-my-words@private.example"
  }
 }
]
