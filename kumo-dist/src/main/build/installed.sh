# Sourced by launch.sh in a package, in place of build.sh: the jars lie beside it.
KUMO_ROOT=$KUMO_LIB

kumo_build() { :; }
kumo_hold_build() { KUMO_FOLDER=$KUMO_LIB; }
