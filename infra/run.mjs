// The way into every command: `node infra/run.mjs <script.ts> [arguments]`. Plain JavaScript without dependencies,
// because it runs before there are any: it checks Node, installs what package-lock.json names, starts the script.
// It knows nothing about what the script does.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const root = path.dirname(path.dirname(self));

const MINIMUM_NODE = [20, 19];
const CI_ARGUMENTS = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error", "--progress=false"];
const PROGRESS_INTERVAL_MS = 5_000;
const INSTALL_LOCK = path.join(root, ".tidegate", "install.lock");
const LOCK_POLL_MS = 250;
const LOCK_REFRESH_MS = 2_000;
/** A lock that nobody has refreshed for this long belongs to an installation that died. */
const LOCK_STALE_MS = 20_000;
const ERROR_LINES_SHOWN = 12;
const OUTPUT_KEPT_CHARS = 16_384;
/** One key press reaches us from the terminal and again from npm: within this time it is the same one. */
const SAME_SIGNAL_MS = 200;
const ORPHAN_POLL_MS = 500;
/** Browsers and the like put sockets (at most ~104 bytes of path) into the temporary directory. */
const TEMPORARY_PATH_MAX_CHARS = 48;

/** The sentence to print if this Node is too old, else undefined. */
export function refuseNode(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  const tooOld = major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1]);
  if (!tooOld) return undefined;
  return `Tidegate needs Node ${MINIMUM_NODE.join(".")} or newer, and this is ${version}: install a current one from https://nodejs.org.`;
}

/** Whether what npm says it has installed (`node_modules/.package-lock.json`) covers `package-lock.json`. */
export function installIsCurrent(lock, installed) {
  if (!lock || !installed || !lock.packages || !installed.packages) return false;
  return Object.entries(lock.packages).every(([where, wanted]) => {
    if (where === "" || wanted.optional) return true;
    const present = installed.packages[where];
    return present !== undefined && present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

/** Says whether a signal is a new one, or the same key press by another way. */
export function signalFilter(nowMs, sameSignalMs = SAME_SIGNAL_MS) {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = nowMs();
    const isNew = now - lastMs >= sameSignalMs;
    if (isNew) lastMs = now;
    return isNew;
  };
}

async function main(script, args) {
  const refusal = refuseNode(process.version);
  if (refusal) return fail(refusal, 2);
  if (!script) return fail("Usage: node infra/run.mjs <script.ts> [arguments].", 2);
  if (process.env.TIDEGATE_SKIP_INSTALL !== "1") await ensureInstalled();
  runScript(script, args);
}

function fail(sentence, code) {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

// --- dependencies -------------------------------------------------------------------------------------------------

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined; // missing or half written: not installed
  }
}

function isInstalled() {
  const lock = readJson(path.join(root, "package-lock.json"));
  if (!lock) fail(`Cannot read ${path.join(root, "package-lock.json")}: the clone is not complete.`, 1);
  return installIsCurrent(lock, readJson(path.join(root, "node_modules", ".package-lock.json")));
}

async function ensureInstalled() {
  if (isInstalled()) return;
  const release = await acquireLock(INSTALL_LOCK);
  const failure = isInstalled() ? undefined : await install(); // another process may have done it while we waited
  release();
  if (failure) fail(failure, 1);
}

/** Does `work` while nothing else of this repository installs anything. */
export async function withInstallLock(work) {
  const release = await acquireLock(INSTALL_LOCK);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Waits until this process holds the lock file; a lock left by a process that died is taken over. */
async function acquireLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let announced = false;
  while (!tryLock(file)) {
    if (!announced) process.stderr.write("Waiting for another process that installs the dependencies ...\n");
    announced = true;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  const refresh = setInterval(() => refreshLock(file), LOCK_REFRESH_MS);
  return () => {
    clearInterval(refresh);
    releaseLock(file);
  };
}

function releaseLock(file) {
  if (isOurs(file)) fs.rmSync(file, { force: true });
}

function refreshLock(file) {
  try {
    if (isOurs(file)) fs.utimesSync(file, new Date(), new Date());
  } catch {
    // It was taken away at this moment. The installation goes on without it, as it would have to anyhow.
  }
}

/** A process that was held up for long may have lost its lock to another one, and must leave that one's alone. */
function isOurs(file) {
  try {
    return fs.readFileSync(file, "utf8") === String(process.pid);
  } catch {
    return false; // it is gone
  }
}

function tryLock(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") fail(`Cannot write ${file}: ${error.message}.`, 1);
  }
  try {
    const ageMs = Date.now() - fs.statSync(file).mtimeMs;
    if (ageMs > LOCK_STALE_MS || !isAlive(Number(fs.readFileSync(file, "utf8")))) fs.rmSync(file, { force: true });
  } catch {
    // released in the meantime: the next try decides
  }
  return false;
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return true; // being written at this moment
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The npm that started us, or the one of this Node: the program, and what stands before its arguments. */
export function npmCommand() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.[cm]?js$/.test(fromNpm)) return [process.execPath, [fromNpm]];
  const besideNode = path.join(path.dirname(process.execPath), "npm");
  return [fs.existsSync(besideNode) ? besideNode : "npm", []];
}

/** The sentence to print when it fails. */
async function install() {
  const startedMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedMs) / 1000);
  process.stderr.write("Installing the dependencies (npm ci) ...\n");
  const progress = setInterval(() => process.stderr.write(`  ... ${seconds()} s\n`), PROGRESS_INTERVAL_MS);
  const [command, prefix] = npmCommand();
  const { code, output } = await collect(command, [...prefix, ...CI_ARGUMENTS]);
  clearInterval(progress);
  if (code === 0) {
    process.stderr.write(`Dependencies installed in ${seconds()} s.\n`);
    return undefined;
  }
  const lines = output.trim().split("\n").slice(0, ERROR_LINES_SHOWN).join("\n"); // the reason is first, usage follows
  return `${lines}\nCannot install the dependencies: npm ci ended with ${code}, and says what is above.`;
}

function collect(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(0, OUTPUT_KEPT_CHARS);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: error.code, output: `${output}\n${error.message}` }));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.once(name, () => {
        child.kill("SIGTERM");
        releaseLock(INSTALL_LOCK);
        process.exit(128 + os.constants.signals[name]);
      });
    }
  });
}

// --- the script ---------------------------------------------------------------------------------------------------

/** The AWS SDK announces on every start when it will stop supporting Node 20. That is ours to know, not the players'. */
const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

/** The script gets a process group of its own, so that a key press reaches it once: from us. */
function runScript(script, args) {
  const loader = pathToFileURL(createRequire(path.join(root, "package.json")).resolve("tsx")).href;
  const follow = new URL("./follow-parent.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", loader, "--import", follow, path.resolve(root, script), ...args], {
    stdio: "inherit",
    detached: true,
    env: { ...process.env, ...QUIET_SDK, ...temporaryDirectory() },
  });
  child.on("error", (error) => fail(`Cannot start ${script}: ${error.message}.`, 1));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
  passSignalsOn(child);
}

function passSignalsOn(child) {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    const isNew = signalFilter(() => performance.now());
    process.removeAllListeners(name);
    process.on(name, () => isNew() && child.kill(name));
  }
  // npm's shell may die of a signal without passing it on. Nobody is left then who could end us.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, ORPHAN_POLL_MS);
}

/** Temporary files (compiled scripts, for one) stay inside the home as well. */
function temporaryDirectory() {
  const directory = path.resolve(process.env.TIDEGATE_HOME || path.join(root, ".tidegate"), "tmp");
  if (directory.length > TEMPORARY_PATH_MAX_CHARS) return {};
  try {
    fs.mkdirSync(directory, { recursive: true });
    return { TMPDIR: directory };
  } catch {
    return {}; // an unusable TIDEGATE_HOME gets its sentence from the script
  }
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === self) await main(process.argv[2], process.argv.slice(3));
