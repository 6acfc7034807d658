import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(101, 100);
