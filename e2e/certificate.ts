import { spawnSync } from "node:child_process";
import { requirePackage } from "./debian-packages";

/** A key and a certificate for localhost that nobody but itself has signed. @param key, certificate the files to make. */
export function makeCertificate(key: string, certificate: string): void {
  requirePackage("openssl");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key, "-out", certificate];
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  const { stderr, status } = spawnSync("openssl", ["req", ...kind, ...files, ...subject], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}
