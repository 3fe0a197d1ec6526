/* global db */
// Run by the mongo image once, on an empty volume: the user of our processes, with rights on their database only.
db.getSiblingDB('offload').createUser({
  user: 'offload',
  pwd: process.env.MONGODB_PASSWORD,
  roles: ['readWrite'],
});
