import { Box, Circle, Edge, Vec2, World } from "planck";

/** As Octane's Box2D: boxes and balls fall on one another. */
export function work() {
  const world = new World({ gravity: new Vec2(0, -10) });
  world.createBody().createFixture({ shape: new Edge(new Vec2(-40, 0), new Vec2(40, 0)) });
  for (let i = 0; i < 40; i++) {
    const body = world.createBody({ type: "dynamic", position: new Vec2((i % 7) - 3, 1 + i) });
    body.createFixture({ shape: i % 2 ? new Box(0.5, 0.5) : new Circle(0.5), density: 1, friction: 0.3 });
  }
  for (let step = 0; step < 60; step++) world.step(1 / 60);
  return world.getContactCount();
}
