package io.kumo.gateway.client;

/** Whether a connection decodes requests: in turns, so that other clients have theirs. */
enum DecodeTurn {
  /** It decodes when something comes, or when what it waits for is there. */
  IDLE,
  /** It decodes now; what completes meanwhile does not begin it anew. */
  DECODING,
  /** It has had its share, and goes on in its next turn. */
  YIELDED
}
