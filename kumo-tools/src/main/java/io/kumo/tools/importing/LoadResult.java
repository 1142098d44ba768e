package io.kumo.tools.importing;

/** What became of a record. */
enum LoadResult {
  LOADED,
  /** The cluster has this very version already. */
  THERE,
  /** The cluster has something newer. */
  NEWER,
  /** Not loaded, and why has been counted. */
  REFUSED
}
