window.YTD.account.part0 = [
  {
    "account": {
      "createdVia": "web",
      "username": "maritsolvang_ex",
      "accountId": "900100200300400701",
      "createdAt": "2018-05-02T09:00:00.000Z",
      "accountDisplayName": "Marit Solvang"
    }
  }
]
