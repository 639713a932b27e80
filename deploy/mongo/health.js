// The health check of docker-compose.yml: healthy once the replica set, of this one server, has its primary. The image
// cannot make it while it sets itself up, so the first check does.
const { MONGO_INITDB_ROOT_USERNAME: user, MONGO_INITDB_ROOT_PASSWORD: password } = process.env;
const admin = db.getSiblingDB('admin');
admin.auth(user, password);
if (db.hello().setName === undefined) {
  rs.initiate({ _id: 'anika', members: [{ _id: 0, host: 'mongo:27017' }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
