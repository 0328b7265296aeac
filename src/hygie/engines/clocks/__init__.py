"""Legal deadlines: an event, a clock and a calendar to a due time and the reasons for it."""
