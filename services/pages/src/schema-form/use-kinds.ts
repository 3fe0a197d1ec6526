import { useResource, type Resource } from '../data/use-resource.js';
import { kindsOf, loadSchemas, type Kind } from './kinds.js';

/** The kinds of a union of the API's document, e.g. of `NewTask`. */
export const useKinds = (union: string): Resource<Kind[]> =>
  useResource(async () => kindsOf(await loadSchemas(), union), [union]);
