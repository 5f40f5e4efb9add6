/** Debian's Chromium, in which the journeys are driven; installed when it is missing and that is allowed. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { stop } from "./node.mjs";

const usual = "/usr/bin/chromium";
const commands = ["apt-get update", "apt-get install -y --no-install-recommends chromium"];

/** The path of a Chromium; ends the command with a sentence when there is none to be had. */
export function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    stop(`CHROMIUM_PATH names ${named}, which does not exist. Correct it, or unset it to use ${usual}.`);
  }
  if (existsSync(usual)) return usual;
  const byHand = `as root \`${commands.join(" && ")}\``;
  const missing = "the tests drive a browser, and Chromium is missing";
  if (!existsSync("/usr/bin/apt-get"))
    stop(`${missing}. Install it, set CHROMIUM_PATH to its program, and run this again.`);
  const asRoot = process.getuid() === 0 ? [] : ["sudo", "-n"];
  if (asRoot.length > 0 && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status !== 0)
    stop(`${missing}. Run ${byHand}, or set CHROMIUM_PATH to the program of one that you have.`);
  console.error("dumpscope: installing Chromium for the tests (apt-get) …");
  for (const command of commands) {
    const [program, ...args] = [...asRoot, ...command.split(" ")];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"], env });
    if (status !== 0)
      stop(`Chromium could not be installed: \`${command}\` failed, its words are above. Run ${byHand}.`);
  }
  if (!existsSync(usual)) stop(`apt-get installed no ${usual}. Set CHROMIUM_PATH to the program of a Chromium.`);
  return usual;
}
