// Given to a process by NODE_OPTIONS=--import=…: its wall clock is off by SKEW_MS milliseconds, as on a host without
// time synchronisation. The monotonic clock is right, as it would be there.

const skew = Number(process.env['SKEW_MS']);
const RealDate = Date;

globalThis.Date = class Date extends RealDate {
  /** @param {ConstructorParameters<typeof RealDate>} given */
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + skew);
    else super(...given);
  }

  static now() {
    return RealDate.now() + skew;
  }
};
