// What moto's CloudFormation makes and does not delete: target groups, clusters, route tables, gateways and flow logs. Nor can it then delete their
// network: so that is kept from it, and all of them are deleted here.
import type { Resource, Template } from "./reduce.ts";
import { ask, elements } from "./witness.ts";

const NETWORK = "AWS::EC2::VPC";

/** A template whose network outlives its stack. */
export function keepNetwork(template: Template): Template {
  const kept = (resource: Resource) =>
    resource.Type === NETWORK ? { ...resource, DeletionPolicy: "Retain" } : resource;
  const resources = Object.entries(template.Resources).map(([id, resource]) => [id, kept(resource)]);
  return { ...template, Resources: Object.fromEntries(resources) };
}

/** Deletes what a region's stack has left behind; of other stacks, nothing. */
export async function removeForgotten(motoUrl: string, region: string, stack: string): Promise<void> {
  const ec2 = (form: string) => ask(motoUrl, { service: "ec2", region, form: `Version=2016-11-15&${form}` });
  const ofStack = `Filter.1.Name=tag:aws:cloudformation:stack-name&Filter.1.Value.1=${stack}`;
  for (const id of new Set(elements(await ec2(`Action=DescribeRouteTables&${ofStack}`), "routeTableId")))
    await ec2(`Action=DeleteRouteTable&RouteTableId=${id}`);
  for (const id of new Set(elements(await ec2(`Action=DescribeFlowLogs&${ofStack}`), "flowLogId")))
    await ec2(`Action=DeleteFlowLogs&FlowLogId.1=${id}`);
  const networks = new Set(elements(await ec2(`Action=DescribeVpcs&${ofStack}`), "vpcId"));
  for (const id of new Set(elements(await ec2(`Action=DescribeInternetGateways&${ofStack}`), "internetGatewayId"))) {
    for (const network of networks) await ec2(`Action=DetachInternetGateway&InternetGatewayId=${id}&VpcId=${network}`);
    await ec2(`Action=DeleteInternetGateway&InternetGatewayId=${id}`);
  }
  for (const id of networks) await ec2(`Action=DeleteVpc&VpcId=${id}`);
  if (networks.size > 0) await removeService(motoUrl, region, stack);
}

/** Its cluster has the stack's name, and no other stack has target groups. */
async function removeService(motoUrl: string, region: string, stack: string): Promise<void> {
  const elb = (form: string) =>
    ask(motoUrl, { service: "elasticloadbalancing", region, form: `Version=2015-12-01&${form}` });
  for (const arn of elements(await elb("Action=DescribeTargetGroups"), "TargetGroupArn"))
    await elb(`Action=DeleteTargetGroup&TargetGroupArn=${arn}`);
  const target = "AmazonEC2ContainerServiceV20141113.DeleteCluster";
  await ask(motoUrl, { service: "ecs", region, target, json: { cluster: stack } });
}
