// Refusals of the control API, with AWS's codes and, where known, AWS's sentences.

export class ElbError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "ElbError";
    this.code = code;
    this.status = status;
  }
}

export const invalid = (message: string) => new ElbError("ValidationError", message);
export const invalidConfiguration = (message: string) => new ElbError("InvalidConfigurationRequest", message);
export const notPermitted = (message: string) => new ElbError("OperationNotPermitted", message);
export const invalidTarget = (message: string) => new ElbError("InvalidTarget", message);

export const loadBalancerNotFound = () =>
  new ElbError("LoadBalancerNotFound", "The specified load balancer does not exist.");
export const targetGroupNotFound = (arn?: string) =>
  new ElbError("TargetGroupNotFound", arn ? `Target group '${arn}' not found` : "One or more target groups not found");
export const listenerNotFound = () => new ElbError("ListenerNotFound", "The specified listener does not exist.");
export const ruleNotFound = () => new ElbError("RuleNotFound", "The specified rule does not exist.");
export const certificateNotFound = (arn: string) =>
  new ElbError("CertificateNotFound", `Certificate ARN '${arn}' is not found`);
export const priorityInUse = () => new ElbError("PriorityInUse", "The specified priority is in use.");
