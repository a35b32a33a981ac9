# Sourced. unpack FILE DIR: a case is a file whose "-- name --" lines start the files it holds.
unpack() {
    awk -v dir="$2" '/^-- .* --$/ { file = dir "/" $2; d = file; sub(/\/[^\/]*$/, "", d); system("mkdir -p " d); printf "" > file; next }
        file { print > file }' "$1"
}
