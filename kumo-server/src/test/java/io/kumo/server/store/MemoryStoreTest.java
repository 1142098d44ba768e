package io.kumo.server.store;

class MemoryStoreTest extends StoreContract {
  @Override
  public Store open() {
    return new MemoryStore();
  }
}
