// moto's CloudFormation never deletes route tables, and then cannot delete their network: so the network is kept from it, and deleted here.
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

/** Deletes the network that a stack has left behind. */
export async function removeNetwork(motoUrl: string, region: string, stack: string): Promise<void> {
  const ec2 = (form: string) => ask(motoUrl, { service: "ec2", region, form: `Version=2016-11-15&${form}` });
  const ofStack = `Filter.1.Name=tag:aws:cloudformation:stack-name&Filter.1.Value.1=${stack}`;
  for (const id of new Set(elements(await ec2(`Action=DescribeRouteTables&${ofStack}`), "routeTableId")))
    await ec2(`Action=DeleteRouteTable&RouteTableId=${id}`);
  for (const id of new Set(elements(await ec2(`Action=DescribeVpcs&${ofStack}`), "vpcId")))
    await ec2(`Action=DeleteVpc&VpcId=${id}`);
}
