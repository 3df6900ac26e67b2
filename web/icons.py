"""The icons of static/icons.svg (Tabler Icons, MIT). `manage.py icons` cuts the sprite from the npm package."""

# fmt: off
NAMES = [
    "alert-circle", "alert-triangle", "arrow-back-up", "arrow-down", "arrow-right", "arrow-up", "bell", "bolt",
    "bookmark", "box", "building", "building-store", "calendar-event", "calendar-due", "certificate", "check",
    "checklist", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle-check", "circle-dashed",
    "circle-x", "clock", "clock-pause", "cloud", "columns-3", "copy", "credit-card", "database", "device-desktop",
    "device-floppy", "dots", "download", "external-link", "eye", "eye-off", "file-invoice", "file-text", "filter",
    "flag", "git-compare", "hand-stop", "heartbeat", "help", "history", "home", "hourglass", "id", "info-circle",
    "key", "keyboard", "link", "list-check", "lock", "lock-open", "login", "logout", "mail", "map-pin",
    "message-circle", "moon", "note", "paperclip", "pencil", "phone", "player-pause", "player-play", "player-stop",
    "plug-connected", "plug-connected-x", "plus", "power", "receipt-2", "refresh", "rotate-clockwise", "search",
    "send", "server-2", "settings", "shield-check", "shopping-cart", "sun", "tag", "terminal-2", "transfer",
    "trash", "upload", "user", "user-plus", "users", "wallet", "world", "writing", "x",
]
# fmt: on
KNOWN = frozenset(NAMES)
