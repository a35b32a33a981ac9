module gcload

go 1.18
