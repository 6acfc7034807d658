// What nobody needs to know: made by Secrets Manager, read by the tasks alone (and the operator's token by the commands).
import { RemovalPolicy } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

const CHARACTERS = 48;

export interface Secrets {
  /** Signs players' tokens. */
  readonly session: Secret;
  /** ElastiCache's AUTH token. */
  readonly redis: Secret;
  /** Opens what servers tell of themselves: /statusz, /metrics, /fleetz. */
  readonly operator: Secret;
}

export const addSecrets = (scope: Construct): Secrets => ({
  session: addSecret(scope, "SessionSecret", "Signs the players' tokens"),
  redis: addSecret(scope, "RedisSecret", "AUTH token of Redis"),
  operator: addSecret(scope, "OperatorSecret", "Opens what servers tell of themselves"),
});

/** Letters and digits only: ElastiCache takes few other signs, and headers and URLs want them escaped. */
export const addSecret = (scope: Construct, id: string, description: string): Secret =>
  new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: CHARACTERS, excludePunctuation: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
