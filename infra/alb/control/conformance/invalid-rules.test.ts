// Rules that no state of things could allow, and protocols that the rules there are do not.

import { fixed, known, type Row, redirect, rule, testRefusals } from "./setting.ts";

const invalidRules: readonly Row[] = [
  [
    "CreateRule",
    "a redirect to itself",
    rule({ Actions: redirect({}) }),
    "InvalidLoadBalancerAction",
    "at least one of",
  ],
  [
    "CreateRule",
    "two actions that end a request",
    rule({ Actions: [...fixed, ...fixed] }),
    "InvalidLoadBalancerAction",
    "exactly one",
  ],
  [
    "CreateRule",
    "a redirect from HTTPS to HTTP",
    () => ({ ...rule({ Actions: redirect({ Protocol: "HTTP" }) })(), ListenerArn: known.https }),
    "ValidationError",
    "not allowed",
  ],
  [
    "ModifyListener",
    "HTTPS while a rule redirects to HTTP",
    () => ({ ListenerArn: known.listener, Protocol: "HTTPS", Certificates: [{ CertificateArn: known.certificate }] }),
    "ValidationError",
    "A redirect from HTTPS to HTTP is not allowed",
  ],
  [
    "CreateRule",
    "a condition without a value",
    rule({ Conditions: [{ Field: "path-pattern" }] }),
    "ValidationError",
    "A condition value must be specified",
  ],
  [
    "CreateRule",
    "an unknown condition field",
    rule({ Conditions: [{ Field: "colour", Values: ["red"] }] }),
    "ValidationError",
    "Condition field 'colour' must be one of",
  ],
  [
    "CreateRule",
    "a priority of zero",
    rule({ Priority: 0 }),
    "ValidationError",
    "Value '0' at 'priority' failed to satisfy constraint",
  ],
  [
    "CreateRule",
    "authentication",
    rule({ Actions: [{ Type: "authenticate-oidc", Order: 1 }] }),
    "ValidationError",
    "authenticate-oidc",
  ],
];

testRefusals(invalidRules);
