import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(301, 100);
