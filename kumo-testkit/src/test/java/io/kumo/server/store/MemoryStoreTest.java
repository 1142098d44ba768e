package io.kumo.server.store;

import io.kumo.testkit.store.MemoryStore;

class MemoryStoreTest extends StoreContract {
  @Override
  public Store open() {
    return new MemoryStore();
  }
}
