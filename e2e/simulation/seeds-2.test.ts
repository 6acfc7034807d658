import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(251, 250);
