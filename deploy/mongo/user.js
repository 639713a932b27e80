// Run by the MongoDB image, once, when it makes the data folder; by hand: mongosh, as its root user. The programs read
// and write ANIKA's database and reach no other.
db.getSiblingDB('anika').createUser({
  user: 'anika',
  pwd: process.env.MONGO_APP_PASSWORD,
  roles: [{ role: 'readWrite', db: 'anika' }],
});
