package io.kumo.it.memcached;

/** A value that was found, as Latin-1. */
record Hit(String value, long flags, long cas) {}
