// Refusals of the CloudWatch API. Each has two names: the code of the Query protocol, which the `aws` command prints, and
// the shape of the newer protocols.

import { ElbError } from "../../model/errors.ts";

const shapes: Readonly<Record<string, string>> = {
  InvalidParameterValue: "InvalidParameterValueException",
  InvalidParameterCombination: "InvalidParameterCombinationException",
  MissingParameter: "MissingRequiredParameterException",
  InternalServiceError: "InternalServiceFault",
  ValidationError: "ValidationException",
  InvalidAction: "UnknownOperationException",
  LimitExceeded: "LimitExceededFault",
};

export class CloudWatchError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "CloudWatchError";
    this.code = code;
    this.status = status;
  }

  get shape(): string {
    return shapes[this.code] ?? this.code;
  }
}

export const invalidValue = (message: string) => new CloudWatchError("InvalidParameterValue", message);
export const invalidCombination = (message: string) => new CloudWatchError("InvalidParameterCombination", message);
export const missing = (name: string) => new CloudWatchError("MissingParameter", `The parameter ${name} is required.`);
/** GetMetricData knows no other refusal. */
export const validation = (message: string) => new CloudWatchError("ValidationError", message);

/** Whatever went wrong, as something to answer with. */
export function asCloudWatchError(error: unknown): CloudWatchError {
  if (error instanceof CloudWatchError) return error;
  if (error instanceof ElbError) return new CloudWatchError(error.code, error.message, error.status);
  const sentence = `The request failed in an unforeseen way: ${(error as Error).message}`;
  return new CloudWatchError("InternalServiceError", sentence, 500);
}
