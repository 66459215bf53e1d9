#!/bin/sh
# Measures this server beside others; ./entrepot bench calls it. See docs/operations/benchmarks.md.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
java=java
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; fi
# plain JDK Java, compiled in memory: the benchmark needs no build of its own, only the driver that
# the server was packaged with, to fill its database
driver=$(echo "$home"/src/target/quarkus-app/lib/main/org.postgresql.postgresql-*.jar)
exec "$java" -cp "$driver" -Xmx512m --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Dentrepot.home="$home" \
  "$home/conformance-tests/src/test/java/dev/entrepot/bench/Bench.java" "$@"
