service=deskbell-server.service

# The user, the data folder and, where there is none, the configuration.
prepare() {
    try systemd-sysusers deskbell-server.conf
    try systemd-tmpfiles --create deskbell-server.conf
}

end_processes() {
    :
}

remove_data() {
    rm -rf /var/lib/deskbell-server
    rm -f /etc/deskbell/server.toml
    remove_if_empty /etc/deskbell
}
