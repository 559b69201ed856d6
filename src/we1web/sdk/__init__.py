"""The requester's side: functions and modules go out, agreed results stream back. Never runs what a stranger sent."""
