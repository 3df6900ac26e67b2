"""The icons of static/icons.svg (Tabler Icons, MIT). `manage.py icons` cuts the sprite from the npm package."""

# fmt: off
NAMES = [
    "alert-circle", "alert-triangle", "arrow-back-up", "arrow-down", "arrow-right", "arrow-up", "bell", "box",
    "building", "building-store", "calendar-event", "certificate", "check", "checklist", "chevron-down",
    "chevron-left", "chevron-right", "circle-x", "clock", "clock-pause", "copy", "database", "device-desktop",
    "dots", "download", "eye", "filter", "flag", "heartbeat", "help", "history", "home", "id", "info-circle", "key",
    "keyboard", "link", "list-check", "lock", "lock-open", "login", "logout", "mail", "message-circle", "moon",
    "note", "pencil", "phone", "player-pause", "player-play", "player-stop", "plug-connected", "plug-connected-x",
    "plus", "power", "receipt-2", "refresh", "rotate-clockwise", "search", "send", "server-2", "settings", "sun",
    "tag", "transfer", "trash", "user", "user-plus", "users", "world", "writing", "x",
]
# fmt: on
KNOWN = frozenset(NAMES)
