import express from 'express';

/** Hops that are believed, or addresses and networks of proxies; false: nobody's headers are. */
export type TrustProxy = false | number | string[];

/**
 * TRUST_PROXY: how many proxies stand in front, or which, separated by commas: addresses, CIDRs, `loopback`,
 * `linklocal`, `uniquelocal`. Undefined when it is none of it. Not `true`: then a client could name any address as its own.
 */
export function trustProxyOf(value: string): TrustProxy | undefined {
  if (/^\d{1,2}$/.test(value)) return value === '0' ? false : Number(value);
  const list = value.split(',').map((part) => part.trim());
  try {
    express().set('trust proxy', list);
    return list;
  } catch {
    return undefined; // Express says no more than that it cannot read it.
  }
}
