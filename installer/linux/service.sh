# What the scripts of every Linux package have in common. Nothing here fails an installation: a computer whose service
# manager is away, such as an image that is being built, starts the service when it boots.

try() {
    "$@" || echo "deskbell: Failed to run: $*" >&2
}

is_booted() {
    [ -d /run/systemd/system ]
}

# Starts the service now, and whenever the computer starts.
enable_service() {
    command -v systemctl > /dev/null || return 0
    try systemctl enable --quiet "$service"
    ! is_booted || { try systemctl daemon-reload && try systemctl start "$service"; }
}

# Runs the new program where the old one ran.
restart_service() {
    ! is_booted || { try systemctl daemon-reload && try systemctl try-restart "$service"; }
}

disable_service() {
    command -v systemctl > /dev/null || return 0
    ! is_booted || try systemctl stop "$service"
    try systemctl disable --quiet "$service"
}

forget_service() {
    ! is_booted || try systemctl daemon-reload
}

# A folder that holds an administrator's files stays.
remove_if_empty() {
    [ ! -d "$1" ] || rmdir --ignore-fail-on-non-empty "$1"
}
