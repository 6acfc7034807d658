#!/usr/bin/env node
// The docker of a rehearsal: builds and pushes nothing, and tells the gateway what it was told. Nothing that it is told leaves this machine.
const args = process.argv.slice(2);
if (args[0] === "version") console.log("0 (rehearsal)");
if (args[0] === "login") for await (const _ of process.stdin); // the password
await fetch(`${process.env.TIDEGATE_REHEARSAL_URL}/rehearsal/docker`, { method: "POST", body: JSON.stringify(args) });
