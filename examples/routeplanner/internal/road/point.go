// Package road holds the road network that the planner searches.
package road

import "math"

// Point is a place on the map, in metres from its south-west corner.
type Point struct{ X, Y float64 }

// MetersTo is the straight distance to q. Two words by value cost less than
// a pointer to them, and nothing here can reach the heap.
func (p Point) MetersTo(q Point) float64 {
	return math.Hypot(p.X-q.X, p.Y-q.Y)
}

// Class is the kind of a road; it sets how fast a vehicle may go.
type Class uint8

// The classes of road, slowest first.
const (
	Lane Class = iota
	Street
	Highway
)

// classSpeeds holds metres per second. It is initialised package state: the
// linker puts it in the data segment and no code runs to fill it.
var classSpeeds = [...]float64{Lane: 5.5, Street: 13.9, Highway: 27.8}

// Speed is the free-flow speed in metres per second.
func (c Class) Speed() float64 { return classSpeeds[c] }

// Vehicle is what a route is planned for.
type Vehicle struct {
	Name       string
	Pace       float64 // travel time is multiplied by this; at least 1
	NoHighways bool
}

// vehicles is data too, although it holds strings: the linker writes the
// string headers and relocates their pointers.
var vehicles = [...]Vehicle{
	{Name: "car", Pace: 1},
	{Name: "truck", Pace: 1.25},
	{Name: "bike", Pace: 3, NoHighways: true},
}

// FindVehicle returns the vehicle of that name, or nil. The loop variable
// lives past the loop, so every call allocates one, found or not.
func FindVehicle(name string) *Vehicle {
	for _, v := range vehicles { // want "moved to heap: v"
		if v.Name == name {
			return &v
		}
	}
	return nil
}

// VehicleNamed is the value twin of FindVehicle: it copies four words out
// and never allocates.
func VehicleNamed(name string) (Vehicle, bool) {
	for i := range vehicles {
		if vehicles[i].Name == name {
			return vehicles[i], true
		}
	}
	return Vehicle{}, false
}

// Seconds is the time this vehicle needs for r, infinite where it may not
// go. The vehicle is small and comes by value.
func (v Vehicle) Seconds(r *Road) float64 { // want "^v does not escape"
	if v.NoHighways && r.Class == Highway {
		return math.Inf(1)
	}
	return r.Seconds * v.Pace
}
