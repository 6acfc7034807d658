// Refusals of the control API, with AWS's codes and, where known, AWS's sentences.

export class ElbError extends Error {
  readonly code: string;
  readonly status: number;
  /** The parameter that is refused (`Targets.member.1.Id`), where it is one alone. */
  readonly parameter: string | undefined;

  constructor(code: string, message: string, status = 400, parameter?: string) {
    super(message);
    this.name = "ElbError";
    this.code = code;
    this.status = status;
    this.parameter = parameter;
  }
}

export const invalid = (message: string) => new ElbError("ValidationError", message);
export const invalidParameter = (parameter: string, message: string) =>
  new ElbError("ValidationError", message, 400, parameter);
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
