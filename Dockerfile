FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /persepsi ./cmd/persepsi && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /persepsi /persepsi
COPY --from=build --chown=nonroot /data /data
VOLUME /data
ENV PERSEPSI_DATA=/data PERSEPSI_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/persepsi"]
