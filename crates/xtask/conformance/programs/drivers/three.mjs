import * as THREE from "three";
import { seedRandom, show } from "../shared/kit.cjs";
seedRandom();
const scene = new THREE.Scene();
const material = new THREE.MeshStandardMaterial({ color: 0x336699, roughness: 0.25 });
const shapes = [new THREE.BoxGeometry(1, 2, 3, 4, 5, 6), new THREE.TorusKnotGeometry(2, 0.5, 32, 8), new THREE.SphereGeometry(1, 16, 8), new THREE.ConeGeometry(1, 2, 7)];
shapes.forEach((geometry, at) => {
    const mesh = new THREE.Mesh(geometry, material);
    mesh.position.set(at * 3 - 4, Math.sin(at), -at);
    mesh.rotation.set(at / 3, at / 5, at / 7, "ZYX");
    scene.add(new THREE.Group().add(mesh));
});
scene.updateMatrixWorld(true);
const camera = new THREE.PerspectiveCamera(60, 16 / 9, 0.1, 100);
camera.position.set(1, 2, 12);
camera.lookAt(0, 0, 0);
camera.updateMatrixWorld();
const ray = new THREE.Raycaster();
for (let at = 0; at < 20; at++) {
    ray.setFromCamera(new THREE.Vector2(at / 10 - 1, (at % 5) / 10 - 0.2), camera);
    show(`ray ${at}`, ray.intersectObjects(scene.children, true).map((hit) => [hit.distance.toFixed(6), hit.faceIndex]));
}
show("scene", scene.toJSON());
show("box", new THREE.Box3().setFromObject(scene));
const curve = new THREE.CatmullRomCurve3([0, 1, 2, 3].map((at) => new THREE.Vector3(at, at ** 2, -at)));
show("curve", curve.getSpacedPoints(50).map((point) => point.toArray().map((n) => n.toFixed(9))));
show("tube", new THREE.TubeGeometry(curve, 20, 0.2, 6).computeBoundingSphere());
const track = new THREE.NumberKeyframeTrack(".x", [0, 1, 2], [0, 10, 5], THREE.InterpolateSmooth);
show("track", Array.from({ length: 9 }, (_, at) => track.createInterpolant().evaluate(at / 4)[0]));
show("shape", THREE.ShapeUtils.triangulateShape([[0, 0], [4, 0], [4, 4], [0, 4]].map(([x, y]) => new THREE.Vector2(x, y)), []));
