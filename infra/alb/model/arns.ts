// Names of things as AWS writes them. The account and region are made up, the shapes are not.

export const region = "us-east-1";
export const account = "000000000000";

const prefix = `arn:aws:elasticloadbalancing:${region}:${account}:`;

export const loadBalancerArn = (name: string, id: string) => `${prefix}loadbalancer/app/${name}/${id}`;
export const targetGroupArn = (name: string, id: string) => `${prefix}targetgroup/${name}/${id}`;
export const listenerArn = (lbArn: string, id: string) => `${lbArn.replace(":loadbalancer/", ":listener/")}/${id}`;
export const ruleArn = (ofListenerArn: string, id: string) =>
  `${ofListenerArn.replace(":listener/", ":listener-rule/")}/${id}`;
export const certificateArn = (id: string) => `arn:aws:acm:${region}:${account}:certificate/${id}`;

/** `app/name/id` of a load balancer, `targetgroup/name/id` of a target group: the dimension of metrics and logs. */
export function shortName(arn: string): string {
  const resource = arn.slice(prefix.length);
  return resource.startsWith("loadbalancer/") ? resource.slice("loadbalancer/".length) : resource;
}
