/* global db, rs, quit */
// Healthcheck of the mongo service, run by mongosh: healthy means that this member takes writes. The first run
// founds the replica set. Anything unexpected throws, and mongosh ends with 1; so it does while the image still
// makes the users, on a mongod without a replica set.
db.getSiblingDB('admin').auth(process.env.MONGO_INITDB_ROOT_USERNAME, process.env.MONGO_INITDB_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
