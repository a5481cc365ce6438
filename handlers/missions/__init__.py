"""Missions abroad: the sheet, applications, places and waiting lists, the delegate's programme."""
