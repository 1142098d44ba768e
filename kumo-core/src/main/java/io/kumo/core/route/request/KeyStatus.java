package io.kumo.core.route.request;

/** How a request ended. */
public enum KeyStatus {
  /** A read is done; the items found say what there was. */
  FETCHED,
  STORED,
  /** An add met an item, or a replace, append or prepend none. */
  NOT_STORED,
  /** The item has another CAS than the request named. */
  EXISTS,
  /** There is no item to change. */
  NOT_FOUND,
  DELETED,
  TOUCHED,
  /** A counter was changed; its new value is the outcome's number. */
  COUNTED,
  /** The item is not a number that could be counted from. */
  NON_NUMERIC,
  /** The value is, or would become, greater than allowed. */
  TOO_LARGE,
  /** The values found are more than may be held for whoever asked. */
  GET_OUT_OF_MEMORY,
  /** Nobody answered a read in time; nothing can be said about the keys. */
  GET_FAILED,
  /** The fate of a write is unknown: maybe stored, never half, never twice. */
  STORE_FAILED,
  /** The fate of a delete is unknown. */
  DELETE_FAILED;

  /** Whether it says nothing about the keys, or refuses the request. */
  public boolean isError() {
    return switch (this) {
      case FETCHED, STORED, NOT_STORED, EXISTS, NOT_FOUND, DELETED, TOUCHED, COUNTED -> false;
      case NON_NUMERIC, TOO_LARGE, GET_OUT_OF_MEMORY, GET_FAILED -> true;
      case STORE_FAILED, DELETE_FAILED -> true;
    };
  }
}
