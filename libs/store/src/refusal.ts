/**
 * Codes with which a database says that it will never take this document, as opposed to being away: MongoDB's
 * error_codes.yml BadValue, FailedToParse, TypeMismatch, InvalidBSON, DollarPrefixedFieldName, EmptyFieldName,
 * DottedFieldName, DocumentValidationFailure, BSONObjectTooLarge. Everything else is worth another try: the local
 * default answers InternalError while its PostgreSQL is away.
 */
const REFUSALS = new Set([2, 9, 14, 22, 52, 56, 57, 121, 10334]);

/** Whether the database refused what was written for good. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'number' && REFUSALS.has(code);
}
