#!/usr/bin/env node
// Starts the program that npm installed for this platform, with our arguments, streams, signals and exit code.
"use strict";

const { spawn } = require("node:child_process");

const wanted = `@pullwright/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "pullwright.exe" : "pullwright";
// As pullwright ends when it cannot do its work.
const FAILED = 2;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(FAILED);
}

function program() {
  try {
    return require.resolve(`${wanted}/bin/${file}`);
  } catch {
    const known = Object.keys(require("../package.json").optionalDependencies);
    if (known.includes(wanted)) {
      return fail(
        `error: the package \`${wanted}\` is not installed\n` +
          "help: install `pullwright` again without `--omit=optional`, on the platform that runs it",
      );
    }
    return fail(
      `error: there is no package for ${process.platform}-${process.arch}, only ${known.join(", ")}\n` +
        "help: build it from source: cargo install --locked pullwright",
    );
  }
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
// The program decides what a signal means; this process waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => fail(`error: cannot start \`${wanted}\`: ${error.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exit(code);
  }
  // End as the program ended, so that a shell sees the signal.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
