/** The store did not do it, or its answer was lost; try again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
