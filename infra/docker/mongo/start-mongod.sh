#!/usr/bin/env bash
# Entry point of the mongo service: a replica set of one member, with authentication.
# Members of a set prove themselves to each other with a key file, and mongod insists on one even without others
# (MongoDB, "Keyfiles"). With nobody to share it with, a fresh random one at every start is the safest.
set -euo pipefail

key_file=${TMPDIR:-/tmp}/replica-set.key
(
  umask 077 # mongod refuses a key that others can read
  head --bytes=756 /dev/urandom | base64 --wrap=0 >"$key_file"
)
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile "$key_file" --bind_ip_all "$@"
