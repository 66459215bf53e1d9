package dev.entrepot.bench;

import java.nio.file.Path;
import java.util.List;

/** A self-signed certificate for the loopback address, and its key, in PEM files. */
record Certificate(Path chain, Path key) {

  static Certificate create(Path directory) {
    Certificate certificate =
        new Certificate(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    Command.run(
        List.of(
            Tools.require("openssl").toString(),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout",
            certificate.key().toString(),
            "-out",
            certificate.chain().toString()));
    return certificate;
  }
}
