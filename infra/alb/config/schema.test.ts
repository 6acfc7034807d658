import { expect, test } from "vitest";
import { parseConfig } from "./config-file.ts";
import { ConfigError, explainConfigError } from "./problem.ts";

function refusal(text: string): string {
  try {
    parseConfig(text, "/");
  } catch (error) {
    if (error instanceof ConfigError) return explainConfigError("f", error);
    throw error;
  }
  return "";
}

const listener = (port: number, more = "") =>
  `    - { Port: ${port}, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupName: g }] ${more} }\n`;
const balanced = (listeners: string, more = "") => `LoadBalancers:\n  - Name: a\n    Listeners:\n${listeners}${more}`;

test("a good file is read, with what it leaves out", () => {
  expect(parseConfig(balanced(listener(80)), "/").config).toMatchObject({
    TargetGroups: [],
    Certificates: [],
    Logs: {},
  });
});

test.each([
  ["", "f:1: The file is empty.\n"],
  ["[]", "f:1: Expected object, received array.\n"],
  ["LoadBalancers: []", /^f:1: LoadBalancers: Too small/],
  [balanced(listener(80), "Bakery: 1\n"), "f:5: Bakery: It is not known here.\n"],
  [
    balanced(listener(80)).replace("Name: a", "Nam: a"),
    "f:2: LoadBalancers[0].Name: Expected string, received undefined.\n",
  ],
  [balanced(listener(80) + listener(80)), "f:5: LoadBalancers[0].Listeners[1].Port: '80' is there already.\n"],
  [
    balanced(listener(80, ", LoadBalancerArn: x")),
    /LoadBalancers\[0\]\.Listeners\[0\]\.LoadBalancerArn: It follows from/,
  ],
  [
    balanced(listener(80), "Certificates: [{ Name: a }]"),
    "f:5: Certificates[0]: It needs either Domains, or CertificateFile and PrivateKeyFile.\n",
  ],
  [
    balanced(listener(80), "Certificates: [{ Name: localhost, Domains: [a] }]"),
    /'localhost' is there already; choose another/,
  ],
  [
    balanced(listener(80), "Switches: { drainDeadlineClose: BANG }"),
    "f:5: Switches.drainDeadlineClose: It must be FIN or RST.\n",
  ],
  [balanced(listener(80), "Switches: { gravity: yes }"), "f:5: Switches.gravity: It is not known here.\n"],
  [
    balanced(listener(80)).replace("Name: a", "Name: a\n    Attributes: { idle_timeout: 3 }"),
    /f:3: LoadBalancers\[0\]\.Attributes: Expected array/,
  ],
  [
    balanced(listener(80), "TargetGroups: [{ Name: g, Protocol: HTTP }, { Name: g, Protocol: HTTP }]"),
    "f:5: TargetGroups[1].Name: 'g' is there already.\n",
  ],
])("ALB-113: %j is refused with line, path and a sentence", (text, sentence) => {
  expect(refusal(text)).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
});

test("several problems are told at once, up to a limit", () => {
  const lines = refusal(balanced(listener(80), [...Array(30).keys()].map((i) => `X${i}: 1\n`).join(""))).split("\n");
  expect(lines).toHaveLength(11);
});
