# Sourced by launch.sh in a package, in place of build.sh: the jars lie beside it.
KUMO_ROOT=$KUMO_LIB

kumo_build() { :; }
kumo_hold_build() { KUMO_FOLDER=$KUMO_LIB; }

kumo_archive_folders() { # where archives of classes are, or may be made: of the system, of the user
  echo /var/cache/kumo
  local user=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  # Root's archives are everybody's, and nobody else's are root's.
  [ "$(id -u)" = 0 ] || [ -z "$user" ] || echo "$user/kumo"
}

kumo_makes_archives() { # kind: whoever starts a daemon may wait for it only so long
  case $1 in manager | server | gateway) return 1 ;; esac
}
